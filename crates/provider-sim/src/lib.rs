//! The stand-in for the provider.
