"""The chapter about the catalogue of devices, the shelves, and what is out of the ordinary."""

from tools.demo.flows.chapter import Chapter, Flow
from tools.demo.flows.devices_catalogue import catalogue, exceptions, shelves

CHAPTER = Chapter(
    "devices-catalogue",
    (
        Flow("catalogue-file", "a file of devices is read in, searched, ordered", catalogue.read_in),
        Flow("browse", "classes, components, what to try, own columns", catalogue.browsed),
        Flow("worn-label", "a device by six signs of its number, and who has it", shelves.worn_label),
        Flow("stock", "the stock list: searched, as a file, and printed", shelves.stock),
        Flow("stocktake", "what differs is approved by a colleague", shelves.stocktake),
        Flow("scan", "a label is printed, and says what may be done", shelves.scanned),
        Flow("find-order", "by a part of its number, by its device", exceptions.found_again),
        Flow("stolen", "the loan ends, and two people decide what is paid", exceptions.stolen),
        Flow("outside", "outside the assortment: asked for and decided", exceptions.outside),
    ),
)
