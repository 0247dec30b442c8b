<?php
/**
 * The result that the wpcf7_validate filters pass on.
 */
class WPCF7_Validation {

	private $invalid_fields = array();

	public function invalidate( $context, $error ) {
		if ( is_string( $context ) ) {
			$context = wpcf7_scan_form_tags( array( 'name' => trim( $context ) ) )[0] ?? array();
		}
		$tag = new WPCF7_FormTag( (array) $context );
		if ( ! wpcf7_is_name( $tag->name ) || isset( $this->invalid_fields[ $tag->name ] ) ) {
			return;
		}
		$this->invalid_fields[ $tag->name ] = array(
			'reason' => is_wp_error( $error ) ? $error->get_error_message() : (string) $error,
			'idref'  => $tag->get_id_option() ?: null,
		);
	}

	public function is_valid( $name = null ) {
		return $name ? ! isset( $this->invalid_fields[ $name ] ) : ! $this->invalid_fields;
	}

	public function get_invalid_fields() {
		return $this->invalid_fields;
	}
}
