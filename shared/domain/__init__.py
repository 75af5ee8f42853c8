"""Pure values and rules that more than one service needs; standard library only."""
