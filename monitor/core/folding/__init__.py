"""Folds the reports of one project into its state. Pure, and independent of the order of arrival."""
