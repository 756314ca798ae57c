import StatusAPI

/// How the status API is served.
struct ServingSettings: Sendable {
  /// `nil`: plain HTTP.
  var tls: TLSFiles?
  var limits = StatusLimits()
}

extension SettingReader {
  /// `tls-…` and `max-…` of the status API.
  mutating func serving() -> ServingSettings {
    var settings = ServingSettings(tls: tls())
    if let count = count("max-connections", in: 1...60_000) {
      settings.limits.connections = count
      settings.limits.connectionsPerAddress = max(1, count / 4)
    }
    if let count = count("max-requests-per-second", in: 0...1_000_000) {
      settings.limits.requestsPerSecond = count
      settings.limits.burst = max(1, count * 4)
    }
    return settings
  }

  private mutating func tls() -> TLSFiles? {
    switch (text("tls-cert-file"), text("tls-key-file")) {
    case (let certificate?, let key?):
      return TLSFiles(certificate: certificate, key: key, clientAuthority: text("tls-client-ca-file"))
    case (nil, nil):
      if let file = text("tls-client-ca-file") {
        report("tls-client-ca-file", file, "goes with --tls-cert-file and --tls-key-file: only TLS knows its clients")
      }
    case (let certificate?, nil): report("tls-cert-file", certificate, "goes with --tls-key-file")
    case (nil, let key?): report("tls-key-file", key, "goes with --tls-cert-file")
    }
    return nil
  }

  private mutating func count(_ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let text = text(name) else { return nil }
    guard let count = Int(text), range.contains(count) else {
      report(name, text, "\(range.lowerBound) to \(range.upperBound) is accepted")
      return nil
    }
    return count
  }
}
