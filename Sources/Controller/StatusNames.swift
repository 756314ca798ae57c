import StatusAPI

// The other side of LedgerNames.swift: the API's own types.

/// A stretch of one of the API's lists.
typealias StatusPage = Page
/// Which deliveries a reader asks for.
typealias StatusDeliveryFilter = DeliveryFilter
/// Which rows of the audit a reader asks for.
typealias StatusAuditFilter = AuditFilter
/// The identity of an alert in the API's list.
typealias StatusAlertKey = AlertKey
/// One alert explained, as the API shows it; the notifier has a part of it under the same name.
typealias StatusAlertExplanation = AlertExplanation
/// Which resources a reader asks for.
typealias StatusResourceFilter = ResourceFilter
