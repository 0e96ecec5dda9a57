// @peculiar/x509 needs the metadata of its dependency injection first.
import 'reflect-metadata';

export * from '@peculiar/x509';
