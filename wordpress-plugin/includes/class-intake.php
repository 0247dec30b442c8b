<?php
/**
 * The way into the spool.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Lets the site's own code change or refuse a submission before it is kept.
 */
final class Intake {

	private Spool $spool;

	public function __construct( Spool $spool ) {
		$this->spool = $spool;
	}

	/**
	 * Keeps a submission for the gateway, unless the filter refuses it.
	 *
	 * @param array                  $submission The submission, as the gateway's API describes it, without its key.
	 * @param WPCF7_ContactForm|null $form       The form it came from; null when code handed it in.
	 * @return bool Whether all is well: it was kept, or it was not wanted.
	 */
	public function take( array $submission, ?WPCF7_ContactForm $form = null ): bool {
		/**
		 * Changes what the gateway will get, before it is stored. Return false to hand over nothing.
		 *
		 * @param array|false            $submission The submission.
		 * @param WPCF7_ContactForm|null $form       The form; null for gateway_submit().
		 */
		$submission = apply_filters( 'gateway_submission', $submission, $form );
		return ! is_array( $submission ) || $this->spool->add( $form ? (int) $form->id() : 0, self::with_objects( $submission ) );
	}

	/**
	 * Completes what code handed in, so that it only needs to say what it knows.
	 */
	public function take_from_code( array $submission ): bool {
		$submission += array( 'submittedAt' => gmdate( 'Y-m-d\TH:i:s\Z' ) );

		$submission['form'] = (array) ( $submission['form'] ?? array() ) + array(
			'id'     => 'code',
			'title'  => get_bloginfo( 'name' ),
			'url'    => home_url( '/' ),
			'locale' => determine_locale(),
		);
		return $this->take( $submission );
	}

	/**
	 * JSON knows objects and lists; an empty array of PHP would become a list.
	 */
	private static function with_objects( array $submission ): array {
		$submission['fields'] = (object) ( $submission['fields'] ?? array() );
		foreach ( array_keys( (array) ( $submission['subscribe'] ?? array() ) ) as $index ) {
			$submission['subscribe'][ $index ]['properties'] = (object) ( $submission['subscribe'][ $index ]['properties'] ?? array() );
		}
		return $submission;
	}
}
