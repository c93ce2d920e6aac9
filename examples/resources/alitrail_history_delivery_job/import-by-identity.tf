import {
  to = alitrail_history_delivery_job.example
  identity = {
    id = "16602"
  }
}
