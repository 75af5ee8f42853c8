"""The chapter about prescribing: rules, quantities, copies, other areas, and how a line ends."""

from tools.demo.flows.chapter import Chapter, Flow
from tools.demo.flows.prescribing import aids, ending, preview, renewing, rules

CHAPTER = Chapter(
    "prescribing",
    (
        Flow("unusual", "an unusual quantity warns and goes on", preview.unusual),
        Flow("preview", "every reason at once, and nothing is kept", preview.preview),
        Flow("rules", "which rule decides, for anybody and any day", rules.explain),
        Flow("exemption", "a named dietitian prescribes to a child", rules.exemption),
        Flow("quantity", "per day or by packages; what is left over is shown", rules.quantity),
        Flow("copy", "an ended line becomes a new prescription", renewing.copied),
        Flow("print", "all active prescriptions as a PDF, in two languages", renewing.printed),
        Flow("radar", "lines that end or run out are listed", renewing.radar),
        Flow("incontinence", "a nurse prescribes with NIKOLA and Kontinenskort", aids.incontinence),
        Flow("diabetes", "another area, the same mechanism", aids.diabetes),
        Flow("used-up", "the last withdrawal ends the line", ending.used_up),
        Flow("annul", "an annulled line cannot be withdrawn", ending.annulled),
    ),
)
