<?php
/**
 * What Fluent Forms has that the plugin uses, in the shapes of Fluent Forms 6.2.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

/**
 * Fluent Forms' interface for others. It gives the fields of forms only to those who ask for them.
 */
function fluentFormApi(): object {
	return new class() {
		public function forms( array $asked, bool $with_fields = false ): array {
			$forms = array_map( static fn( $form ) => clone $form, $GLOBALS['fluent_forms'] ?? array() );
			foreach ( $with_fields ? array() : $forms as $form ) {
				unset( $form->form_fields );
			}
			return array( 'per_page' => $asked['per_page'], 'data' => $forms );
		}
	};
}
