package import JSON
package import Model

extension TransitionRecord: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object { transition.writeMembers(id: id, to: &$0) }
  }
}

extension AlertTransition {
  /// `id`: the ledger's; `nil` while it has given none.
  func writeMembers(id: Int64?, to writer: inout JSONWriter) {
    writer.identifier(id)
    writer.member("at", at.description)
    writer.optional("from", from?.rawValue)
    writer.member("to", alert.state.rawValue)
    writer.member("reason", reason.rawValue)
    writer.object("alert") { alert.writeMembers(to: &$0) }
  }
}
