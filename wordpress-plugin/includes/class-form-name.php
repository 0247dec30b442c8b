<?php
/**
 * What forms are called.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Names a form for people.
 */
final class Form_Name {

	/**
	 * The title of a form, as far as WordPress knows it.
	 *
	 * @param string $id The form's id; empty or 0 for what came from no form.
	 */
	public static function of( string $id ): string {
		if ( '' === $id || '0' === $id ) {
			return __( 'Other source', 'gateway-connector' );
		}
		$title = ctype_digit( $id ) ? get_the_title( (int) $id ) : '';
		/* translators: %s: number or name of a form */
		return $title ?: sprintf( __( 'Form %s', 'gateway-connector' ), $id );
	}
}
