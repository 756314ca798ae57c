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
    guard reader == .all else {
      throw .forbidden("metrics tell of every tenant; they ask for a token that may see everything")
    }
    return Response(.metrics, await source.metrics().bytes)
  }
}

extension ProbeCheck {
  fileprivate func line(withReason: Bool) -> String {
    guard let failure else { return "[+]\(name) ok\n" }
    return "[-]\(name) failed: \(withReason ? failure : "reason withheld")\n"
  }
}
