"""The chapter about money: fees, tariffs, corrections, and the file to invoicing."""

from tools.demo.flows.chapter import Chapter, Flow
from tools.demo.flows.money import fees, files, tariffs

CHAPTER = Chapter(
    "money",
    (
        Flow("child", "a child of 15 pays 120 kr, and never more than the goods cost", fees.child),
        Flow("asylum", "an asylum seeker pays 50 kr", fees.asylum),
        Flow("tariff", "drafted, tried, and published by a second person", tariffs.tariff),
        Flow("waiver", "a group's fees are waived and credited", tariffs.waiver),
        Flow("correction", "a wrong fee is put right by two people", tariffs.correction),
        Flow("statement", "to be invoiced, until it is invoiced", tariffs.shown_to_patient),
        Flow("day-file", "the day's file, answered row by row", files.day_file),
        Flow("reconciliation", "at night the day is added up", files.added_up),
    ),
)
