"""The chapter about messages to patients, and the tasks that people get."""

from tools.demo.flows.chapter import Chapter, Flow
from tools.demo.flows.messages import sms, ways

CHAPTER = Chapter(
    "messages",
    (
        Flow("ways", "by e-mail, by letter, and by a person who calls", ways.by_each_way),
        Flow("language", "each patient in the own language", ways.in_the_own_language),
        Flow("opt-out", "who wants no messages gets none", ways.opted_out),
        Flow("tasks", "work is taken, talked about, given on and ended", ways.work),
        Flow("sms-failed", "an SMS that fails goes on by letter", sms.failed),
        Flow("sms-unknown", "an SMS that nobody knows about becomes a task", sms.unknown),
    ),
)
