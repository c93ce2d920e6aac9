# By the number of the job; in another region than the provider's, number@region.
terraform import alitrail_history_delivery_job.example 16602
