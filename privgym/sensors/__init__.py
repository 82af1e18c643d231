"""The sensors that ship: `exact` finds planted, typed values in every way they are written."""
