"""Evaluation of stance and sentiment models: scores with intervals, calibration, target use.

`python evaluate.py` is the command; every module here does one part of it.
"""
