"""Training runs of quotestance: data, networks, fitting, calibration, export. Needs `[train]`."""
