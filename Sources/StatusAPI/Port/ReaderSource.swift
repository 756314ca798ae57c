/// What readers may see by what is in git.
package protocol ReaderSource: Sendable {
  /// What the live role bindings let somebody see; `nil` where none names them or one of their groups.
  ///
  /// It is asked at every request, and with changed bindings answers differently at once; it must be cheap.
  func visibility(of principal: Principal) async -> Visibility?
}
