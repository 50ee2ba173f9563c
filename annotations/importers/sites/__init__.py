"""What the records of single sites mean."""
