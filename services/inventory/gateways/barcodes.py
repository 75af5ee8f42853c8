"""Draws codes for labels (T18, decision 0114)."""

import re

import zxingcpp

DECLARATIONS = re.compile(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>")


def data_matrix(text: str) -> str:
    """Draw a DataMatrix, with the white margin that it needs, as SVG."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix)
    return DECLARATIONS.sub("", str(code.to_svg())).strip()
