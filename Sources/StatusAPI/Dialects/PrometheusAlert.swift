import JSON
package import Model

/// One alert in the words of Prometheus's API.
package enum PrometheusAlert {
  /// The alert's object. It names nothing that a reader who may see the alert may not see.
  package static func object(of alert: Alert) -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    write(alert, to: &writer)
    return writer.bytes
  }

  static func write(_ alert: Alert, to writer: inout JSONWriter) {
    writer.object {
      $0.labels("labels", alert.labels.pairs)
      $0.labels("annotations", alert.annotations)
      $0.member("state", alert.state.rawValue)
      $0.member("activeAt", alert.activeAt.description)
      if let since = alert.keepFiringSince { $0.member("keepFiringSince", since.description) }
      $0.member("value", alert.value.formattedAsGo(.e, precision: nil))
    }
  }
}
