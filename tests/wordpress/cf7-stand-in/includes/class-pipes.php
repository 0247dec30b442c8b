<?php
/**
 * Choices "what the visitor sees|what is posted on".
 */
class WPCF7_Pipes {

	private $pairs = array();

	public function __construct( $texts ) {
		foreach ( (array) $texts as $text ) {
			$parts         = array_map( 'trim', explode( '|', $text, 2 ) );
			$this->pairs[] = array( $parts[0], $parts[1] ?? $parts[0] );
		}
	}

	public function do_pipe( $input ) {
		foreach ( $this->pairs as $pair ) {
			if ( trim( (string) $input ) === $pair[0] ) {
				return $pair[1];
			}
		}
		return $input;
	}

	public function collect_befores() {
		return array_column( $this->pairs, 0 );
	}

	public function collect_afters() {
		return array_column( $this->pairs, 1 );
	}

	public function zero() {
		return ! $this->pairs;
	}
}
