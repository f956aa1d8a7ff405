"""Batch prediction over files of any size: streamed, in order, resumable."""
