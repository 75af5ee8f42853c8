"""Pages of customer service: registering, passed blocks, shortages."""
