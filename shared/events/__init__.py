"""The facts that services publish, one module per publisher; facts only get new fields."""
