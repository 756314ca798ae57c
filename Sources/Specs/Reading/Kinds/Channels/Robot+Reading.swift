import Diagnostics
import YAML

extension FieldNames {
  /// Of a group robot: what belongs to the channel is said to stand beside it, and the vendor's word for `format` is known.
  init<Format: RawRepresentable<String> & CaseIterable>(robot kind: String, _ known: [String], formats: Format.Type) {
    self.init(kind, known)
    answers = EndpointPool.answers
    for name in ["send_resolved", "mentions"] { answers[name] = "write it beside '\(kind)'" }
    answers["msgtype"] = "write 'format', one of " + formats.allCases.map(\.rawValue).joined(separator: ", ")
  }
}
