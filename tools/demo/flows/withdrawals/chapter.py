"""The chapter about withdrawals: who asks, what may be chosen, several distributors, and drafts."""

from tools.demo.flows.chapter import Chapter, Flow
from tools.demo.flows.withdrawals import channels, choosing, drafts, partners

CHAPTER = Chapter(
    "withdrawals",
    (
        Flow("channels", "customer service, unit, colleague and patient", channels.all_of_them),
        Flow("guardian", "for a child under 13 alone, then by telephone", channels.guardian),
        Flow("flavours", "fewer, never more; as last time; pasta shapes", choosing.flavours),
        Flow("delivery", "an address for once, a door code that is erased", choosing.delivery),
        Flow("pickup", "a parent fetches for a child", choosing.pickup),
        Flow("several", "two distributors in one withdrawal", partners.several),
        Flow("parts", "half comes now and the rest later", partners.parts),
        Flow("substitute", "something equivalent comes instead", partners.substituted),
        Flow("annul-sent", "stopped in time, or too late", partners.annulled),
        Flow("draft-waits", "a forgotten draft becomes work for a day", drafts.reminded),
        Flow("draft", "a draft is left and resumed", drafts.resumed),
        Flow("two-clerks", "two clerks at the same moment: one wins", drafts.two_clerks),
    ),
)
