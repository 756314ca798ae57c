package import Diagnostics
package import JSON
package import Model

/// One scope in full: the answer of `/api/v1/tenants/{t}`, `…/projects/{p}` and `/api/v1/platform`.
package struct ScopeView: Hashable, Sendable {
  package var summary: ScopeSummary
  package var conditions: [ConditionView]
  /// What was found in the revision last attempted, in the order of ``Diagnostic``.
  package var diagnostics: [DiagnosticView]

  package init(summary: ScopeSummary, conditions: [ConditionView] = [], diagnostics: [DiagnosticView] = []) {
    self.summary = summary
    self.conditions = conditions
    self.diagnostics = diagnostics
  }
}

extension ScopeView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      summary.writeMembers(to: &$0)
      $0.views("conditions", conditions)
      $0.views("diagnostics", diagnostics)
    }
  }
}

/// A finding with the commit that brought it.
package struct DiagnosticView: Hashable, Sendable {
  package var diagnostic: Diagnostic
  package var introducedBy: ObjectID?
  /// `Ana <ana@example.com>`, where known.
  package var author: String?

  package init(diagnostic: Diagnostic, introducedBy: ObjectID? = nil, author: String? = nil) {
    self.diagnostic = diagnostic
    self.introducedBy = introducedBy
    self.author = author
  }
}

extension DiagnosticView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("code", diagnostic.code)
      $0.member("severity", diagnostic.severity.rawValue)
      $0.member("message", diagnostic.message)
      $0.optional("fix", diagnostic.fix)
      $0.span(diagnostic.span)
      $0.array("notes", diagnostic.notes) { note, writer in
        writer.object {
          $0.member("message", note.message)
          if let span = note.span { $0.span(span) }
        }
      }
      $0.optional("introducedBy", introducedBy)
      $0.optional("author", author)
    }
  }
}

extension JSONWriter {
  /// `file` and `range` of a finding; lines and columns count from 1.
  fileprivate mutating func span(_ span: SourceSpan) {
    member("file", span.file)
    object("range") {
      $0.position("start", span.range.start)
      $0.position("end", span.range.end)
    }
  }

  private mutating func position(_ name: String, _ position: SourcePosition) {
    object(name) {
      $0.member("line", position.line)
      $0.member("column", position.column)
    }
  }
}
