<?php
/**
 * Forms in several steps.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Knows the forms that are steps of a longer one. Each step is a form of its own; a plugin for that keeps what the earlier steps brought
 * (in a cookie, in a session, in hidden fields) and adds it to what is posted, by Contact Form 7's filter wpcf7_posted_data.
 */
final class Multi_Step {

	/**
	 * The form-tags by which such plugins mark a step: "Contact Form 7 Multi-Step Forms", "CF7 Multi Step", "Conditional Fields".
	 */
	private const TAGS = array( 'multistep', 'multiform', 'cf7mls_step', 'step', 'previous', 'form_next' );

	public static function is_step( WPCF7_ContactForm $form ): bool {
		$is_step = 1 === preg_match( '/\[(?:' . implode( '|', self::TAGS ) . ')\b/', (string) $form->prop( 'form' ) );
		/**
		 * Whether a form is one of several steps. Its settings may then name fields of the other steps.
		 *
		 * @param bool              $is_step Whether the form has a form-tag of a known plugin for that.
		 * @param WPCF7_ContactForm $form    The form.
		 */
		return (bool) apply_filters( 'gateway_connector_is_step', $is_step, $form );
	}

	/**
	 * The other steps that there may be.
	 *
	 * @return WPCF7_ContactForm[]
	 */
	public static function other_steps( WPCF7_ContactForm $form ): array {
		if ( ! self::is_step( $form ) ) {
			return array();
		}
		$all = WPCF7_ContactForm::find( array( 'posts_per_page' => -1 ) );
		WPCF7_ContactForm::get_instance( $form ); // To find forms makes another the current one.
		return array_values(
			array_filter( $all, static fn( WPCF7_ContactForm $other ) => $other->id() !== $form->id() && self::is_step( $other ) )
		);
	}
}
