import Diagnostics

extension FindingReport {
  /// Checkstyle's XML, which many forges and review tools read: a `file` with an `error` for each finding.
  var checkstyle: String {
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"8.0\">\n"
    let byFile = Dictionary(grouping: findings, by: \.file)
    for (file, found) in byFile.sorted(by: { $0.key < $1.key }) {
      xml += "  <file name=\"\(file.inXML)\">\n"
      for finding in found {
        let level = finding.level == .note ? "info" : finding.level.rawValue
        xml += "    <error line=\"\(finding.line)\" column=\"\(max(1, finding.range?.start.column ?? 1))\""
        xml += " severity=\"\(level)\" message=\"\(finding.explanation.inXML)\""
        xml += " source=\"belfry.\(finding.code.inXML)\"/>\n"
      }
      xml += "  </file>\n"
    }
    return xml + "</checkstyle>\n"
  }
}
