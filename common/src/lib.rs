//! What more than one of FocoBot's programs uses
