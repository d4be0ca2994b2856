/// The spellings of all classes of tokens, by their common beginnings.
struct SpellingTree {
  struct Node {
    /// The classes of the next symbols, in ascending order, and the nodes that they lead to.
    fileprivate(set) var symbolClasses: [UInt16] = []
    fileprivate(set) var children: [Int] = []
    /// The characters of the token that is spelled so; nil if none is.
    fileprivate(set) var characterCount: Int?
  }

  private(set) var nodes = [Node()]
  var root: Node { nodes[0] }

  init(_ classes: TokenClasses) {
    let spellings = zip(classes.spellings, classes.characterCounts)
    // In ascending order, so that a node's next symbols are, too.
    let sorted = spellings.sorted { $0.0.lexicographicallyPrecedes($1.0) }
    for (spelling, characterCount) in sorted where !spelling.isEmpty {
      var index = 0
      for symbolClass in spelling {
        if nodes[index].symbolClasses.last != symbolClass {
          nodes[index].symbolClasses.append(symbolClass)
          nodes[index].children.append(nodes.count)
          nodes.append(Node())
        }
        index = nodes[index].children.last!
      }
      nodes[index].characterCount = characterCount
    }
  }
}
