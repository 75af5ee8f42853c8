"""Files with rows and columns: read as spreadsheets save them, and written so that none is a formula."""
