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
	 * @param string $id    The form's id; empty, 0 or "code" for what came from no form.
	 * @param string $title The title that came with a submission; may be empty.
	 */
	public static function of( string $id, string $title = '' ): string {
		if ( in_array( $id, array( '', '0', Intake::NO_FORM ), true ) ) {
			return __( 'Other source', 'gateway-connector' );
		}
		$title = Plain_Text::decode( ctype_digit( $id ) ? get_the_title( (int) $id ) : $title );
		/* translators: %s: number or name of a form */
		return '' === $title ? sprintf( __( 'Form %s', 'gateway-connector' ), $id ) : $title;
	}
}
