"""Evaluate stance models: python evaluate.py [MODEL ...] [--data FILE|SPLIT ...] [-o DIR]."""

from evaluation.command import main

if __name__ == "__main__":
    main()
