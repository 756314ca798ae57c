package import JSON
package import Model

extension TransitionRecord: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("id", id)
      $0.member("at", transition.at.description)
      $0.optional("from", transition.from?.rawValue)
      $0.member("to", transition.alert.state.rawValue)
      $0.member("reason", transition.reason.rawValue)
      $0.object("alert") { transition.alert.writeMembers(to: &$0) }
    }
  }
}
