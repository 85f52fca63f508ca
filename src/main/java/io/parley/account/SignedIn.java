package io.parley.account;

import io.parley.model.Person;

/** Whom a token let in. */
public record SignedIn(Person user, SignIn signIn) {}
