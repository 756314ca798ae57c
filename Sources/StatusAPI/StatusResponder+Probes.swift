import Hummingbird
import Model

extension StatusResponder {
  /// `ok`, or a line for each check: alive while it answers at all, ready when every check is so.
  ///
  /// Why a check fails is told only to those who may read.
  func probe(_ endpoint: Endpoint, _ parameters: Parameters, withReasons: Bool) async throws(APIError) -> Response {
    guard endpoint == .readyz else {
      return Response(.text, parameters.flag("verbose") ? "[+]ping ok\nok\n" : "ok\n")
    }
    let excluded = Set(parameters.all("exclude"))
    let checks = await source.readiness().filter { !excluded.contains($0.name) }
    let isReady = checks.allSatisfy { $0.failure == nil }
    var text = ""
    if parameters.flag("verbose") || !isReady {
      for check in checks { text += check.line(withReason: withReasons) }
    }
    text += isReady ? "ok\n" : "not ready\n"
    return Response(.text, text, status: isReady ? .ok : .serviceUnavailable)
  }

  func metrics(for reader: Visibility) async throws(APIError) -> Response {
    let families = await source.metrics()
    guard case .tenants(let tenants) = reader else { return Response(.metrics, families.bytes) }
    return Response(.metrics, families.compactMap { $0.limited(to: tenants) }.bytes)
  }
}

extension MetricFamily {
  /// The series with one of these tenants as their label `tenant`; `nil` where there is none. What is of the whole
  /// process is nobody's in particular.
  fileprivate func limited(to tenants: Set<String>) -> MetricFamily? {
    var family = self
    family.samples.removeAll { sample in
      guard let tenant = sample.labels.first(where: { $0.name == "tenant" }) else { return true }
      return !tenants.contains(tenant.value)
    }
    return family.samples.isEmpty ? nil : family
  }
}

extension ProbeCheck {
  fileprivate func line(withReason: Bool) -> String {
    guard let failure else { return "[+]\(name) ok\n" }
    return "[-]\(name) failed: \(withReason ? failure : "reason withheld")\n"
  }
}
