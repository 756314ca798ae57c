package import Model
import Specs

extension Mention {
  /// As written in `mentions` of a route or channel.
  package init(ofMessage text: String) {
    self.init(text, kinds: ChannelKind.allCases.lazy.map(\.rawValue))
  }
}
