"""Goods: balances with lots, and the movements that changed them."""
