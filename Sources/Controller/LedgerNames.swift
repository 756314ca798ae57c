import Ledger

// The ledger's lists and the API's have the same words for their own types; here, the ledger's have one more.

/// A stretch of one of the ledger's lists.
typealias LedgerPage = Page
/// Which deliveries of the ledger are asked for.
typealias LedgerDeliveryFilter = DeliveryFilter
/// Which rows of the audit are asked for.
typealias LedgerAuditFilter = AuditFilter
/// The identity of an alert in the ledger.
typealias LedgerAlertKey = AlertKey
