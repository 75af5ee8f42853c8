"""The chapter about patients: found, registered, merged, and not served."""

from tools.demo.flows.chapter import Chapter, Flow
from tools.demo.flows.patients import finding, register

CHAPTER = Chapter(
    "patients",
    (
        Flow("find", "a patient is found by number, name, criteria and saved search", finding.find),
        Flow("launch", "from the record system straight to the patient, once", finding.launch),
        Flow("not-served", "who is not served: the routine, and nothing else", finding.not_served),
        Flow("by-hand", "registered by hand, and the address edited with history", finding.by_hand),
        Flow(
            "merge",
            "a reserve number becomes a personal number, with all that hangs on it",
            register.merging,
        ),
    ),
)
