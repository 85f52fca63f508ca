package io.parley.model;

/** What others see of somebody. */
public record Person(UserId id, String username, String displayName) {}
