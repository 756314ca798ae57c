import Git
import Model
import Reconciler
import StatusAPI

extension StatusBoard {
  /// Whether commits are asked who made them, and how the newest one stands.
  func verification(_ walk: CommitWalk?, for reader: Visibility) -> VerificationView {
    let mode = settings.commits
    guard mode != .off, let walk else {
      return VerificationView(
        mode: mode.rawValue, status: mode == .off ? "Off" : "Unknown", trustRoot: settings.trustRoot)
    }
    let refused = walk.authority.refusals.values.filter { reader.allows($0.scope) }
    var view = VerificationView(
      mode: mode.rawValue, status: refused.isEmpty ? "Verified" : "Refused", trustRoot: settings.trustRoot,
      authorised: walk.clean, refusedFiles: refused.count)
    guard reader == .all, let maker = walk.maker else { return view }
    switch (mode, maker.signature) {
    case (.signed, .valid(let key, let fingerprint)):
      view.signer = walk.authority.bindings.holder(of: key)
      view.fingerprint = fingerprint
    case (.author, _): view.signer = maker.commit.authorEmail
    default: break
    }
    return view
  }
}
