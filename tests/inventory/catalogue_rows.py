"""Rows of a catalogue file."""

from tests.inventory.foods import file_of

EVERY_COLUMN = (
    "article_no,name,product_area,subgroup,distributor,supplier_article_no,pieces_per_package,piece,"
    "package_price,gtin,warn_above_packages,variant_of,variant_name,status,replaced_by"
)
CHOCOLATE_ROW = (
    "900002,Demodryck choklad 200 ml,foods,supplement,demo-a,DX-1002,4,flaska,96.00,9520000000103,60,,,,"
)


def one_cell(column: str, cell: str) -> bytes:
    cells = dict(zip(EVERY_COLUMN.split(","), CHOCOLATE_ROW.split(","), strict=True))
    return file_of(",".join({**cells, column: f'"{cell}"'}.values()), header=EVERY_COLUMN)
