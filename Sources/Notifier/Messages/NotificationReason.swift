/// Why a notification is sent; the raw values are Alertmanager's words, as they stand in `notification_reason`.
package enum NotificationReason: String, Hashable, Sendable, CaseIterable {
  case first = "first notification"
  case newAlerts = "new alerts added"
  case allResolved = "all alerts resolved"
  case someResolved = "some alerts resolved"
  case repeated = "repeat interval elapsed"
}
