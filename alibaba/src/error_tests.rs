use super::*;

fn refusal(service: Service, action: &'static str, status: u16, code: &str) -> ServiceError {
    ServiceError {
        service,
        action,
        status,
        code: code.to_owned(),
        message: "the words".to_owned(),
        request_id: Some("R-1".to_owned()),
        detail_code: None,
        access_denied: None,
        endpoint: None,
        clock: None,
    }
}
