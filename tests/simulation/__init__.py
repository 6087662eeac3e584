"""The five services in one thread, on a clock and with chance that a seed decides, under faults that it decides too."""
