//! A mock of the Alibaba Cloud endpoints that an audit trail needs, on one local address.
